"""Chinese as written in ledgers and letters → values: pure functions, one module a subject.

`text` cleans and compares, `numerals` reads numbers and item numbers, `dates` days and ranges,
`deadlines` what a deadline means, `documents` document numbers 发文字号, `lists` several names or
measures in one cell.
"""
