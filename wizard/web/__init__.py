"""The wizard as web pages: thin views, forms, headers."""
