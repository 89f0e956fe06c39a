"""Setting a place up from nothing: the wizard at /setup/, and what is still missing later."""
