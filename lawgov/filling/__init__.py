"""Sheets that are filled in elsewhere and come home 填报表: sealed on their way out, merged on
their way in.

Knows no subject: what can be filled in registers itself in `subjects.py`.
"""
