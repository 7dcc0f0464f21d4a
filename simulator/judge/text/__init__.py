"""What words give away: names, places, offences and quotations in a text."""
