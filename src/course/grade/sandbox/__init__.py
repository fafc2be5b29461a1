"""Running code that nobody trusts: a fork server whose children lock themselves down."""
