"""GOV.UK One Login: an OpenID provider, by which a victim may prove who they are."""
