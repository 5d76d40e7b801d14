"""The statistics of Heard: tidy tables in, tidy tables and one report out.

Nothing here knows the web application or its database. A folder written by ``heard export`` (docs/tables.md) is all it
reads, so that a researcher runs the same code in a notebook::

    from analysis import report
    report.write("export-2026-11", "report.html")

Read in this order: ``tables`` (read, check) → ``pairs`` (one row per round × topic) → ``counts`` (integers, once)
→ ``agreement``, ``direction``, ``participation``, ``perception`` (statistics of counts) → ``uncertainty`` (intervals)
→ ``disclosure`` (last, always) → ``plots`` and ``report``.
"""
