"""The queue: submissions accepted, looked at, collected and cancelled."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from storyboard.testing import arguments as args
from storyboard.testing import endpoints, pinned
from storyboard.testing.clips import shoot
from storyboard.testing.jobs import FakeFailure, FakeJob, Submission
from storyboard.testing.visits import QUEUE_HOSTS, request_id_in
from storyboard.testing.wire import Reply

if TYPE_CHECKING:
    from storyboard.testing.cdn import Cdn
    from storyboard.testing.clips import FakeClip
    from storyboard.testing.jobs import Latency, Schedule
    from storyboard.testing.visits import Visit


class Queue:
    """The jobs of one account.

    Like fal, it accepts any arguments: what is wrong with them is the job's result.
    """

    def __init__(
        self,
        schedule: Schedule,
        cdn: Cdn,
        *,
        fetch: args.Fetch,
        clock: Callable[[], float],
        footage: FakeClip,
        accepted: Callable[[Submission], None],
        latency: tuple[Latency, Latency] = (0.0, 0.0),
        stops_running: bool = False,
    ) -> None:
        """Make an empty queue; `accepted` is called with every submission before the answer."""
        self._schedule = schedule
        self._cdn = cdn
        self._fetch = fetch
        self._clock = clock
        self._footage = footage
        self._accepted = accepted
        self._latency = latency
        self._stops_running = stops_running
        self._jobs: dict[str, FakeJob] = {}
        self._clips: dict[str, str] = {}
        self._lock = threading.Lock()

    @property
    def jobs(self) -> list[FakeJob]:
        """All jobs, in the order of their submission, as far as they have got."""
        self._schedule.catch_up()
        with self._lock:
            return list(self._jobs.values())

    def find(self, visit: Visit) -> FakeJob | None:
        """Return the job that a visit's address is about."""
        with self._lock:
            return self._jobs.get(request_id_in(visit.request) or "")

    def submit(self, visit: Visit) -> Reply:
        """Accept a job: from here on it is paid for, whether or not the answer arrives."""
        if not isinstance(visit.request.json, dict):
            return Reply.of({"detail": "The body is not a JSON object"}, 422)
        job = visit.job = self._accept(visit)
        answer = _addresses(job) | {"status": "IN_QUEUE", "queue_position": 0}
        return Reply.of(answer, headers=_named(job))

    def run(self, visit: Visit) -> Reply:
        """Accept a job and answer with its result at once, however long jobs usually take."""
        if not isinstance(visit.request.json, dict):
            return Reply.of({"detail": "The body is not a JSON object"}, 422)
        visit.job = self._accept(visit, at_once=True)
        return self.result(visit)

    def status(self, visit: Visit) -> Reply:
        """Answer where a job is; 202 while there is something to wait for."""
        if visit.job is None:
            return _no_such_request()
        job, state = visit.job, self._schedule.state(visit.job)
        answer: dict[str, Any] = {"status": state, **_addresses(job)}
        if state == "IN_QUEUE":
            answer["queue_position"] = self._schedule.position(job)
            return Reply.of(answer, 202, _named(job))
        wants_logs = visit.request.asked("logs").lower() in ("1", "true")
        answer["logs"] = [_log("Rendering")] if wants_logs else None
        if state == "IN_PROGRESS":
            return Reply.of(answer, 202, _named(job))
        answer["metrics"] = {"inference_time": job.run}
        if job.failure is not None and job.failure.error is not None:
            answer |= {"error": job.failure.error, "error_type": job.failure.error_type}
        return Reply.of(answer, 200, _named(job))

    def result(self, visit: Visit) -> Reply:
        """Answer what came of a job: a clip, or the HTTP error of a failed one."""
        job = visit.job
        if job is None:
            return _no_such_request()
        if self._schedule.state(job) != "COMPLETED":
            return Reply.of({"detail": "Request is still in progress"}, 400, _named(job))
        if job.failure is not None:
            return _failed(job, job.failure)
        billed = f"{_units(job.submission):.9g}"
        return Reply.of(self.output(job), headers={**_named(job), "x-fal-billable-units": billed})

    def cancel(self, visit: Visit) -> Reply:
        """Cancel a job: 202 while it was not complete, though a running one may still complete."""
        if visit.job is None:
            return Reply.of({"status": "NOT_FOUND"}, 404)
        if self._schedule.cancel(visit.job, stop=self._stops_running):
            return Reply.of({"status": "CANCELLATION_REQUESTED"}, 202, _named(visit.job))
        return Reply.of({"status": "ALREADY_COMPLETED"}, 400, _named(visit.job))

    def output(self, job: FakeJob) -> dict[str, Any]:
        """Return the JSON result of a job that succeeded; its clip is made here, if not before."""
        return {
            "video": {
                "url": self._clips[job.submission.request_id],
                "content_type": "video/mp4",
                "file_name": "output.mp4",
                "file_size": len(self._clip(job)),
            }
        }

    def _accept(self, visit: Visit, *, at_once: bool = False) -> FakeJob:
        endpoint, arguments = visit.request.path.strip("/"), visit.request.json
        problems = args.problems(endpoint, arguments, fetch=self._fetch)
        if pinned.listed(arguments):
            problems = problems or pinned.problems(arguments, fetch=self._fetch)
        with self._lock:
            submission = Submission(
                request_id=str(uuid.uuid4()),
                endpoint=endpoint,
                arguments=arguments,
                headers={name.lower(): value for name, value in visit.request.headers.items()},
                at=self._clock(),
                number=len(self._jobs),
                ignored=args.ignored(endpoint, arguments),
            )
            job = FakeJob(submission)
            self._jobs[submission.request_id] = job
        self._clips[submission.request_id] = self._cdn.publish(
            lambda: self._clip(job), name="output.mp4", media_type="video/mp4"
        )
        job.failure = FakeFailure(422, problems) if problems else None
        if at_once:
            job.started = job.finished = submission.at
        else:
            job.queue, job.run = (_seconds(latency, submission) for latency in self._latency)
            self._schedule.add(job)
        self._accepted(submission)
        return job

    def _clip(self, job: FakeJob) -> bytes:
        arguments, footage = job.submission.arguments, job.footage or self._footage
        seconds = Fraction(str(pinned.seconds(arguments)))
        endpoint = endpoints.known(job.submission.endpoint)
        if endpoint is not None:
            footage = endpoint.footage(arguments, footage)
            arguments, seconds = endpoint.understood(arguments), endpoint.seconds(arguments)
        return shoot(
            pinned.stills(arguments, fetch=self._fetch, length=seconds),
            seconds=float(seconds),
            shot=job.submission.number,
            footage=footage,
        )


def _units(submission: Submission) -> float:
    """What is billed: by the endpoint's own counting, or so many seconds."""
    endpoint, arguments = endpoints.known(submission.endpoint), submission.arguments
    if endpoint is None:
        return pinned.seconds(arguments)
    return endpoint.units(arguments)


def _addresses(job: FakeJob) -> dict[str, Any]:
    """Return the id and the three URLs; like fal's, they name the application, not the endpoint."""
    application = "/".join(job.submission.endpoint.split("/")[:2])
    request_id = job.submission.request_id
    url = f"https://{QUEUE_HOSTS[0]}/{application}/requests/{request_id}"
    return {
        "request_id": request_id,
        "response_url": url,
        "status_url": f"{url}/status",
        "cancel_url": f"{url}/cancel",
    }


def _failed(job: FakeJob, failure: FakeFailure) -> Reply:
    answer: dict[str, Any] = {"detail": failure.detail}
    headers = _named(job)
    if failure.error_type is not None:
        answer["error_type"] = headers["x-fal-error-type"] = failure.error_type
    return Reply.of(answer, failure.status, headers)


def _named(job: FakeJob) -> dict[str, str]:
    return {"x-fal-request-id": job.submission.request_id}


def _no_such_request() -> Reply:
    return Reply.of({"detail": "Request not found"}, 404)


def _log(message: str) -> dict[str, str]:
    return {
        "message": message,
        "level": "INFO",
        "source": "USER",
        "timestamp": "2026-01-01T00:00:00Z",
    }


def _seconds(latency: Latency, submission: Submission) -> float:
    return latency(submission) if callable(latency) else latency
