"""Salesforce Marketing Cloud: transactional texts and emails, and what it tells of them."""
