"""The calendar 日历 in the settings: a year shown, and the holidays of a year entered."""
