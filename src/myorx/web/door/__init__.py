"""The way in for people: from outside this machine the pages ask for the same token as REST does.

A token that is known opens a session: a random name in a cookie that scripts cannot read and no
other site can make a browser send. Sessions live in memory and end; a form keeps its own state.
"""
