"""The header by which a force follows one delivery through its own logs and those of others.

It comes with `POST /crime-events`. A portal that claims so carries it on with every message, stamp
and task that the delivery sets off, however late; a mail server takes it as a header of the email.
"""

CORRELATION_ID = "x-correlation-id"
CORRELATION_ID_CHARACTERS_MAX = 64
