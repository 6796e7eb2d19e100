"""Django, both ways."""

from __future__ import annotations

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path, reverse

from frameworks import PIECES, give_pieces, set_cookies


def greet(request, name):
    return JsonResponse({"name": name, "tag": request.GET["tag"]})


def echo(request):
    return HttpResponse(request.body, content_type="text/plain")


def cookies(request):
    return set_cookies(JsonResponse(request.COOKIES))


def upload(request):
    return JsonResponse({"size": request.FILES["file"].size})


def link(request):
    return HttpResponse(request.build_absolute_uri(reverse("greet", args=["Ada"])))


def fail(request):
    raise ValueError("on purpose")


def pieces(request):
    is_asgi = hasattr(request, "scope")
    return StreamingHttpResponse(
        give_pieces() if is_asgi else iter(PIECES), content_type="text/plain"
    )


class urls:
    urlpatterns = [
        path("api/greet/<str:name>", greet, name="greet"),
        path("api/echo", echo),
        path("api/cookies", cookies),
        path("api/upload", upload),
        path("api/link", link),
        path("api/fail", fail),
        path("api/pieces", pieces),
    ]


settings.configure(ALLOWED_HOSTS=["*"], SECRET_KEY="test", ROOT_URLCONF=urls)
django.setup(set_prefix=False)
asgi_app = ASGIHandler()
wsgi_app = WSGIHandler()
