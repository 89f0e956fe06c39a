"""The workbench for creating a rule-of-law-government model area 法治政府建设示范创建工作台."""

from lawgov.celery import app as celery_app

__all__ = ["celery_app"]
