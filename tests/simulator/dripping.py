"""Servers that send a byte now and then: each comes in good time, and the answer never ends."""

import socket
import time

#: How long a caller under test waits for a whole answer.
PATIENCE_SECONDS = 0.2


def drips_a_body(connection: socket.socket) -> None:
    """Take what was asked, and send the body of the answer a byte at a time, without end."""
    connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 202 Accepted\r\ncontent-length: 1000000\r\n\r\n")
    _drip(connection)


def drips_headers(connection: socket.socket) -> None:
    """Do so before the status line is whole."""
    connection.recv(65_536)
    _drip(connection)


def _drip(connection: socket.socket) -> None:
    while True:
        time.sleep(PATIENCE_SECONDS / 2)
        connection.sendall(b"H")


DRIPS = (drips_a_body, drips_headers)
