"""How users are made: by e-mail address, never by a user name."""

from django.contrib.auth.models import BaseUserManager


class UserManager(BaseUserManager):
    """People sign in with an e-mail address, compared without regard to case."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields):
        """A user; without a password they sign in by a code sent to the address. ValueError without an address."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields):
        """A platform administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str):
        return self.get(email__iexact=email)
