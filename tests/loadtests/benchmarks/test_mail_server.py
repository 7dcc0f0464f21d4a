"""The benchmark of the mail server sends real mails, and both servers take them."""

import re

from loadtests.benchmarks import mail_server


def test_both_servers_take_every_mail() -> None:
    """A rate for each, and the share of one in the other."""
    lines = list(mail_server.measure(mails=64, rounds=1))

    assert [line.split()[:2] for line in lines] == [
        ["rate", "double_mail_server"],
        ["rate", "double_mail_server_bare_aiosmtpd"],
        ["ratio", "double_mail_server_share_of_bare"],
    ]
    assert all(re.search(r" [1-9][0-9]* mails/s$| [0-9.]+$", line) for line in lines)
