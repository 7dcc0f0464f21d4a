"""Who the victims are: contact details, choices, sign-in, and what may not be sent to them."""
