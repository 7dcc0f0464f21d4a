"""A client that trusts the test authority reaches a double by TLS; another client does not."""

import socket
import ssl
import threading
from pathlib import Path

import pytest

from simulator.processes.certificates import Certificates, loopback_certificates


def _greeted(certificates: Certificates, client: ssl.SSLContext, name: str) -> str:
    """Connect once; return the version of TLS that both agreed on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                try:
                    certificates.server_context().wrap_socket(connection, server_side=True).close()
                except OSError:
                    return

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            with (
                socket.create_connection(listening.getsockname(), timeout=5) as plain,
                client.wrap_socket(plain, server_hostname=name) as encrypted,
            ):
                return encrypted.version() or ""
        finally:
            thread.join()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_client_that_trusts_the_authority_connects(tmp_path: Path, name: str) -> None:
    """Either name of loopback is in the certificate."""
    certificates = loopback_certificates(tmp_path)

    assert _greeted(certificates, certificates.client_context(), name).startswith("TLS")


def test_a_client_that_does_not_trust_it_refuses(tmp_path: Path) -> None:
    """The authority is known to those who are given it, and to nobody else."""
    certificates = loopback_certificates(tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError):
        _greeted(certificates, ssl.create_default_context(), "localhost")


def test_only_the_owner_can_read_the_key(tmp_path: Path) -> None:
    """The private key is a secret, though of a test only."""
    certificates = loopback_certificates(tmp_path)

    assert certificates.key.stat().st_mode & 0o077 == 0
