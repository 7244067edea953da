"""A fake of fal.ai, so that films, tests and examples cost nothing and need no network.

`FakeService` drives the real, unmodified `fal_client` from upload to downloaded clip with
nothing changed but environment variables:

    import fal_client
    from storyboard.testing import FakeService

    with FakeService() as service, service.applied():
        start = fal_client.upload_file("winter.png")
        result = fal_client.subscribe(
            "fal-ai/kling-video/o1/standard/image-to-video",
            {"prompt": "The snow melts", "start_image_url": start, "duration": "5"},
        )
    assert len(service.paid) == 1   # each would have been a payment
    assert service.escapes == []    # nobody tried to leave the machine

For a program in a process of its own, pass `env=os.environ | service.environment`.

Things go wrong on request (see `storyboard.testing.acts`):

    from storyboard.testing import Fault, acts

    service.inject(Fault("submit", acts.drop(accepted=True)))

The clips are real H.264 files in which every frame says which frame it is:

    from storyboard.testing import codes

    codes.read(picture)             # Code(shot=0, frame=17), or None in a dissolve

`write_clip` writes such a clip of any rate, size and length without a service.
"""

from storyboard.testing import acts, codes
from storyboard.testing.acts import Act
from storyboard.testing.clips import FakeClip, write_clip
from storyboard.testing.codes import Code
from storyboard.testing.fake import FakeService
from storyboard.testing.faults import Fault, Injection
from storyboard.testing.history import Listing
from storyboard.testing.jobs import Clock, Submission
from storyboard.testing.log import Exchange
from storyboard.testing.visits import Place, Visit
from storyboard.testing.wire import Hangup, HttpRequest, Reply

__all__ = [
    "Act",
    "Clock",
    "Code",
    "Exchange",
    "FakeClip",
    "FakeService",
    "Fault",
    "Hangup",
    "HttpRequest",
    "Injection",
    "Listing",
    "Place",
    "Reply",
    "Submission",
    "Visit",
    "acts",
    "codes",
    "write_clip",
]
