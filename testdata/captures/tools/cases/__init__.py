"""The cases of testdata/captures; each module has a table CASES of name and function."""
