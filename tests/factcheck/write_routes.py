"""URL configuration with extra write routes beside the product's, for tests of what holds for every write view."""

from collections.abc import Callable
from typing import ClassVar

from django.urls import include, path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from claims.models import Topic
from factcheck.newsrooms.models import Scope
from factcheck.urls import urlpatterns as product


class TopicSerializer(serializers.Serializer[Topic]):
    """A topic to be made."""

    name = serializers.CharField(max_length=50)


class Topics(APIView):
    """Makes a topic; `meanwhile` runs in the middle of it."""

    meanwhile: ClassVar[Callable[[], object] | None] = None

    def post(self, request: Request) -> Response:
        made = Topic.objects.create(slug=f"topic-{Topic.objects.count()}-{id(request)}", name="under way")
        if Topics.meanwhile is not None:
            Topics.meanwhile()
        sent = TopicSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        Topic.objects.filter(pk=made.pk).update(name=sent.validated_data["name"])
        return Response({"id": made.pk}, status=201, headers={"Location": f"/api/v1/topics/{made.pk}/"})

    patch = post


class Question(APIView):
    """Only asks."""

    scope = Scope.READ
    only_asks = True

    def post(self, request: Request) -> Response:
        return Response({"topics": Topic.objects.count(), "asked": request.data})


urlpatterns = [
    path("api/v1/", include(([path("topics/", Topics.as_view()), path("question/", Question.as_view())], "writing"))),
    *product,
]
