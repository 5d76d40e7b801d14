"""The questionnaire language: read → check → publish. Pure: standard library and lark, no web, no database."""
