"""What every page shares: its shell, its stylesheet, its words, its assets, how it is sent.

Nothing here knows what a page is about. A page package (``web/<name>/``) has its ``templates/``,
``assets/`` and ``words.toml``; the frame renders them (``render``), wraps them (``page``), serves
the assets (``assets``) and answers (``answers``).
"""
