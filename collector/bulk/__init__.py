"""Sessions of whole files and tables, by DuckDB: the extra `bulk`."""
