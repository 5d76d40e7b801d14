"""An export given to other tools: spreadsheets, SPSS, Stata, R, DuckDB, archives.

Read in this order: ``dataset`` (what a column is) → ``gather`` (an exported folder as datasets) → one small file per
format: ``csv``, ``excel``, ``parquet``, ``spss``, ``stata``, ``ddi``, ``datapackage``, ``codebook``, ``bundle``.
``privacy`` says what must not leave, ``command`` is ``python -m analysis convert`` and ``check``.

Every writer makes the same bytes from the same export: no clock, no random number, sorted names.
"""
