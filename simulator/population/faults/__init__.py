"""Faults in what a force writes down about people: every kind, how often, and what it does.

`kinds` lists them; `rates` and `entry_checks` say how often each occurs and what prevents it;
`drawing` draws them for many records at once; `names`, `contacts` and `births` change the words.
Rehearsals, features, load and crowds use them all.
"""
