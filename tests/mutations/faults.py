"""The faults: what is said wrong, and what it would break."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes:
        name: Says what is wrong.
        breaks: What could happen by it.
        file: In `fui/core`.
        right: What stands there.
        wrong: What is put in its place.
    """

    name: str
    breaks: str
    file: str
    right: str
    wrong: str


FAULTS = (
    # -- is an entry to be believed? ------------------------------------------------------------
    Fault(
        "wrong facility accepted",
        "Samba's own debug lines, and those of other shares, are records",
        "audit_line",
        " or entry.facility != settings.facility",
        "",
    ),
    Fault(
        "wrong identifier accepted",
        "any line in the right form is a record",
        "audit_line",
        "entry.identifier != IDENTIFIER or ",
        "",
    ),
    Fault(
        "transport ignored",
        "what a service prints is a record",
        "audit_line",
        'if entry.transport != "syslog":',
        "if not entry.transport:",
    ),
    Fault(
        "unit ignored",
        "any local root process can press for anybody",
        "audit_line",
        "if entry.unit not in settings.samba_units:",
        "if not settings.samba_units:",
    ),
    Fault(
        "gid ignored",
        "what smbd did not send as itself is a record",
        "audit_line",
        "if entry.gid != 0:",
        "if entry.gid < 0:",
    ),
    Fault(
        "root is somebody",
        "where all act as root, all may what root may",
        "audit_line",
        "if paths is None or entry.uid <= 0:",
        "if paths is None or entry.uid < 0:",
    ),
    # -- who did it? ----------------------------------------------------------------------------
    Fault(
        "no generations",
        "a record of an earlier deletion proves a later one",
        "correlate",
        " and record.sent >= self.born and there",
        " and there",
    ),
    Fault(
        "any operation fits",
        "who renamed a flag has pressed it",
        "correlate",
        "return record.operation is self.operation and ",
        "return ",
    ),
    Fault(
        "any target fits",
        "a flag moved anywhere is pressed by who moved another one into the execute folder",
        "correlate",
        'there = self.target in ("", record.target)',
        "there = True",
    ),
    Fault(
        "no fence",
        "a record that is late proves the next deletion of the same name",
        "correlate",
        "fence = math.inf if self._fenced(path, operation, now) else self._fence_of(path, operation)",
        "fence = -math.inf",
    ),
    Fault(
        "the fence is over too soon",
        "who was held up takes a late record for that of the next deletion of the same name",
        "correlate",
        "else self._fence_of(path, operation)",
        "else -math.inf",
    ),
    Fault(
        "no fence where nobody saw it go",
        "a late record of a deletion that inotify lost proves the next one",
        "engine",
        "self._who.lost(path, self._now.mono)",
        "self._who.renamed(path, None, self._now.mono)",
    ),
    Fault(
        "window doubled",
        "a press waits longer for its record than is said",
        "correlate",
        "deadline = now + self.window\n",
        "deadline = now + 2 * self.window\n",
    ),
    Fault(
        "two candidates are one",
        "of two who may have done it the first is taken",
        "correlate",
        "if len(records) > 1:",
        "if len(records) > 2:",
    ),
    Fault(
        "record used again",
        "one record proves several deletions",
        "correlate",
        "self._keep(path, [one for one in waiting if one not in fitting])",
        "self._keep(path, waiting)",
    ),
    Fault(
        "record read twice counts twice",
        "one record is two candidates",
        "correlate",
        "if record.cursor in self._heard:",
        "if not record.cursor:",
    ),
    Fault(
        "any move is a press",
        "who drags a flag to another folder starts its action",
        "view",
        "return self.deleted(source.path) if target.folder == self._menu.execute.path else None",
        "return self.deleted(source.path)",
    ),
    Fault(
        "what was missed runs",
        "what was pressed while FUI was down is run when it starts",
        "attribution",
        "Press(named[0], Gesture.MISSED, named[1], record=record)",
        "Press(named[0], Gesture.PRESS, named[1], record=record)",
    ),
    Fault(
        "runs are told again",
        "after a restart a press that has run is told as not run",
        "attribution",
        "self._told = {queued.cursor for queued in event.queued} | event.dealt_with",
        "self._told = set()",
    ),
    Fault(
        "what waited is told though it began",
        "after a restart a press that waited and has begun is told as not run",
        "work",
        "if queued.cursor not in dealt_with:",
        "if queued.cursor:",
    ),
    Fault(
        "told twice after a crash",
        "what was decided while something else was open is told as not run after a restart",
        "attribution",
        "self._told = {queued.cursor for queued in event.queued} | event.dealt_with",
        "self._told = set(event.dealt_with - event.told_presses)",
    ),
    Fault(
        "cursor saved too early",
        "a press that is not decided when FUI dies is told nowhere",
        "engine",
        "undecided = self._who.undecided or bool(self._asked)",
        "undecided = False",
    ),
    Fault(
        "strays are forgotten",
        "a record whose deletion nobody saw is told nowhere if FUI ends then",
        "correlate",
        "return bool(self._ends or self._waiting)",
        "return bool(self._ends)",
    ),
    # -- many at once ---------------------------------------------------------------------------
    Fault(
        "bursts judged singly",
        "who deletes a folder starts all that is in it",
        "burst",
        "return len(burst) >= self.mass_limit or len(objects) < len(burst)",
        "return False",
    ),
    Fault(
        "mass limit off by one",
        "three flags at once are three presses",
        "burst",
        "len(burst) >= self.mass_limit or",
        "len(burst) > self.mass_limit or",
    ),
    Fault(
        "bursts of one object are presses",
        "who deletes two flags of an object starts both",
        "burst",
        " or len(objects) < len(burst)",
        "",
    ),
    Fault(
        "bursts do not wait for what is unknown",
        "a burst is judged before all that belongs to it is known",
        "burst",
        "return any(press.presses and begin <= press.at <= due for press in unknown)",
        "return False",
    ),
    # -- may he? --------------------------------------------------------------------------------
    Fault(
        "text user trusted",
        "who closes a file last is taken for who deleted it",
        "authorize",
        "if text_user not in (samba_spelling(name), ",
        "if not text_user and name not in (samba_spelling(name), ",
    ),
    Fault(
        "deny ignored",
        "who is denied by name may by his group",
        "authorize",
        "for subject in access.deny:",
        "for subject in ():",
    ),
    Fault(
        "grant reused",
        "one permission starts many jobs",
        "authorize",
        "self._spent = True",
        "self._spent = False",
    ),
    Fault(
        "answer taken twice",
        "one look-up decides twice",
        "engine",
        "self._asked.pop(event.question, (None, frozenset()))",
        "self._asked.get(event.question, (None, frozenset()))",
    ),
    Fault(
        "rules of before",
        "a rule that came while NSS was asked does not hold",
        "engine",
        "if not self._subjects(press) <= subjects:",
        "if subjects is None:",
    ),
    Fault(
        "cancelled by who may run it",
        "who may not cancel does",
        "gate",
        "return (press.action.cancel if press.job else None) or press.action.access",
        "return press.action.access",
    ),
    Fault(
        "confirmed by another user",
        "two people press once each, and it runs",
        "work",
        "confirms=uid == flag.asked,",
        "confirms=True,",
    ),
    Fault(
        "confirmed once",
        "a flag that does not ask for it is a confirmation",
        "gate",
        "confirmed = moment.confirms and press.shown is FlagState.CONFIRM",
        "confirmed = moment.confirms",
    ),
    Fault(
        "taken out of the queue by anybody",
        "who presses a queued flag takes somebody else's place",
        "gate",
        "moment.queued_by == press.record.uid",
        "moment.queued_by is not None",
    ),
    # -- may it run now? ------------------------------------------------------------------------
    Fault(
        "what the name said does not count",
        "who deletes a flag that says Running starts it anew when the job has ended",
        "gate",
        "if press.shown not in PRESSABLE and press.shown is not FlagState.CLOSED:",
        "if press.shown is FlagState.ERROR:",
    ),
    Fault(
        "hours ignored",
        "an action runs outside its hours",
        "work",
        'closed=closed.why if closed else "",',
        'closed="",',
    ),
    Fault(
        "limit off by one",
        "an action runs once more than it may",
        "runs",
        "if len(starts) >= limit.count:",
        "if len(starts) > limit.count:",
    ),
    Fault(
        "cool-down from the start",
        "an action runs again before it has cooled down",
        "runs",
        "max(use.ended or now for use in uses)",
        "max(use.started for use in uses)",
    ),
    Fault(
        "queue jumped",
        "who presses while others wait starts before them",
        "obstacles",
        "if head is None or head.action.id == action.id:",
        "if head is None or head.action.id:",
    ),
    Fault(
        "last in, first out",
        "who came last starts first",
        "queue",
        "heads.setdefault(one.action.groups[:1], one)",
        "heads[one.action.groups[:1]] = one",
    ),
    Fault(
        "queue overfull",
        "one more waits than may",
        "obstacles",
        "if waiting >= limit else",
        "if waiting > limit else",
    ),
    Fault(
        "removed action runs",
        "what was taken out of the configuration can still be started",
        "consequences",
        "gone = flag is None or (flag.removed and not press.job)",
        "gone = flag is None",
    ),
    Fault(
        "starts while stopping",
        "a job begins after FUI was told to stop",
        "consequences",
        "if self.stopping:",
        "if self.stopping and turn:",
    ),
    # -- jobs -----------------------------------------------------------------------------------
    Fault(
        "group freed early",
        "a job begins while one of its group still ends",
        "schedule",
        "return next((self._by_id[job] for job in held), None)",
        "jobs = (self._by_id[job] for job in held)\n"
        "        return next((job for job in jobs if job.state is JobState.RUNNING), None)",
    ),
    Fault(
        "only the first group taken",
        "two jobs run in a group that both are also in",
        "schedule",
        "self._by_group |= dict.fromkeys(groups, job.id)",
        "self._by_group |= dict.fromkeys(groups[:1], job.id)",
    ),
    Fault(
        "run kept too late",
        "a press whose job began when FUI died is told as not run",
        "work",
        "            do.SaveHistory(action.id, flag.history),\n"
        "            do.SaveJob(job),\n"
        "            do.StartJob(job_id, action.command, environment),\n",
        "            do.StartJob(job_id, action.command, environment),\n"
        "            do.SaveJob(job),\n"
        "            do.SaveHistory(action.id, flag.history),\n",
    ),
    Fault(
        "jobs of before are not asked for",
        "a job that outlives FUI is shown as running for good",
        "work",
        "effects.append(do.AdoptJobs(tuple((job.id, job.action.command) for job in jobs)))",
        "effects.append(do.AdoptJobs(()))",
    ),
    Fault(
        "never killed",
        "a job that ignores TERM runs for good",
        "work",
        "effects += terminated or [do.KillJob(job.id)]",
        "effects += terminated",
    ),
    Fault(
        "FUI leaves its jobs",
        "FUI ends for good while a job runs",
        "engine",
        "idle = self._work.idle or self._jobs_go_on",
        "idle = True",
    ),
    # -- the share ------------------------------------------------------------------------------
    Fault(
        "a user's file is surplus",
        "what somebody puts into a folder is removed",
        "reconcile",
        "if entry.ours and entry.name not in expected",
        "if entry.name not in expected",
    ),
    Fault(
        "what is missing stays away",
        "a flag whose end nobody saw does not come back",
        "view",
        "if name in difference.missing and self.deleted(path):",
        "if moved and name in difference.missing and self.deleted(path):",
    ),
    Fault(
        "states do not pass",
        "a flag says Denied for good",
        "view",
        "self._until[flag.action.id] = now + shown_for if until is None else until",
        "pass",
    ),
)
