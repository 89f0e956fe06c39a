"""The demo place 安和区: invented, deterministic, and made with the product's own commands.

`seed.py` puts it together; each other module makes one part. Source of the figures: decisions §6.
"""
