"""Error pages: one sentence each, no trace; absent and foreign things look the same.

The pages need no database and no script, so that they also stand when those fail, and two 404
answers differ in nothing but the request id and the address that was asked for.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lawgov.errors import DomainError, GuardFailed
from lawgov.web.pages import shown_at

#: status → (title, what to do)
PAGES: dict[int, tuple[str | Promise, str | Promise]] = {
    400: (_("这个请求不完整"), _("返回上一页重新提交。")),
    403: (_("页面放得太久，没有提交"), _("返回上一页，刷新后再提交一次，填的内容还在。")),
    404: (_("这里没有这个页面，或不归你单位看"), _("核对网址，或者回到首页，从清单、台账里打开。")),
    405: (_("这个地址不能这样打开"), _("返回上一页，用页面上的按钮操作。")),
    409: (_("没有保存：已有人先处理了"), _("返回上一页并刷新，看看现在的情况再办。")),
    413: (_("提交的内容太大"), _("佐证每件 50 MB 以内，表格 20 MB 以内，一次合计不超过 60 MB。")),
    415: (_("这种内容收不了"), _("换成页面上写明的格式再提交。")),
    422: (_("没有办成"), _("按下面的提示补齐后再办一次。")),
    429: (_("操作太频繁"), _("等 15 分钟再试。")),
    500: (_("系统出错，没有保存"), _("稍后再试一次；还是不行，请把请求编号告诉管理员。")),
    503: (_("系统正在维护"), _("几分钟后刷新本页。")),
}
#: status → what the API calls it
CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "stale",
    413: "too_large",
    415: "unsupported_media_type",
    422: "refused",
    429: "too_many_requests",
    500: "failed",
    503: "unavailable",
}


def error_page(
    request: HttpRequest, status: int, *, sentences: list[str] | None = None
) -> HttpResponse:
    """The answer for `status`: a page, a fragment for htmx, or JSON for everything under /api/."""
    title, advice = PAGES[status]
    if sentences and status != 422:
        title, sentences = sentences[0], sentences[1:]
    context = {
        "status": status,
        "title": title,
        "advice": advice,
        "sentences": sentences or [],
        "request_id": getattr(request, "request_id", ""),
        "elsewhere": shown_at(request) if status == 404 and has_roles(request) else "",
        "language": getattr(request, "LANGUAGE_CODE", "zh-hans"),
    }
    if request.path.startswith("/api/"):
        return _json(status, context)
    if request.headers.get("HX-Request") == "true":
        # Shown as a toast by rows.js; what is on the page stays as it is.
        fragment = render_to_string("web/_error.html", context)
        return HttpResponse(fragment, status=status, headers={"HX-Reswap": "none"})
    return HttpResponse(render_to_string("web/error.html", context), status=status)


def has_roles(request: HttpRequest) -> bool:
    """Whether the person works in several places or roles: a link in a digest may be of another."""
    session = getattr(request, "session", None)
    return session is not None and session.get("memberships", 1) > 1


def domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page of an error that the domain raised; NotAllowed looks like an absent page."""
    if isinstance(error, GuardFailed):
        return error_page(request, 422, sentences=[str(line) for line in error.sentences])
    if error.status == 404 or not error.sentence:
        return error_page(request, error.status)
    return error_page(request, error.status, sentences=[str(error.sentence)])


def _json(status: int, context: dict[str, Any]) -> JsonResponse:
    detail = "".join(map(str, context["sentences"])) or str(context["title"])
    error = {
        "code": CODES[status],
        "detail": detail,
        "sentences": [*map(str, context["sentences"])],
        "fields": {},
        "request_id": context["request_id"],
    }
    return JsonResponse({"error": error}, status=status, json_dumps_params={"ensure_ascii": False})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    too_big = isinstance(exception, RequestDataTooBig | TooManyFilesSent)
    return error_page(request, 413 if too_big else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For the setting CSRF_FAILURE_VIEW."""
    return error_page(request, 403)
