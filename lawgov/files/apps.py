from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "lawgov.files"
    label = "files"
    verbose_name = "文件"
