from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lawgov.accounts"
    label = "accounts"
    verbose_name = "账号"
