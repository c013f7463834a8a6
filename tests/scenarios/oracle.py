"""Whether a scenario can be resolved, by trying everything, and whether a lock is one of its solutions.

Slow and plain on purpose: it shares nothing with the program under test. Versions, specifiers, markers and tags are
those of the `packaging` library (installed, or the copy inside pip).
"""
import dataclasses

try:
    from packaging import requirements, specifiers, tags, version
except ImportError:
    from pip._vendor.packaging import requirements, specifiers, tags, version

from scenario import normalize

Version = version.Version


def supported_tags(python, glibc):
    major, minor = (int(part) for part in python.split(".")[:2])
    platforms = []
    for number in range(int(glibc.split(".")[1]), 4, -1):
        platforms.append(f"manylinux_2_{number}_x86_64")
        alias = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}.get(number)
        if alias:
            platforms.append(alias + "_x86_64")
    platforms.append("linux_x86_64")
    found = set(tags.cpython_tags((major, minor), [f"cp{major}{minor}"], platforms))
    return found | set(tags.compatible_tags((major, minor), f"cp{major}{minor}", platforms))


def marker_environment(python):
    full = python if python.count(".") > 1 else python + ".0"
    short = ".".join(python.split(".")[:2])
    return {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64",
            "platform_python_implementation": "CPython", "platform_release": "", "platform_version": "",
            "python_version": short, "python_full_version": full, "implementation_name": "cpython",
            "implementation_version": full}


@dataclasses.dataclass
class Candidate:
    version: Version
    text: str
    extras: dict    # extra -> [Requirement], "" for the base
    yanked: bool
    wheel: bool     # a usable one


class Oracle:
    def __init__(self, scenario, builds=True):
        self.environment = marker_environment(scenario.python)
        self.python = Version(self.environment["python_full_version"])
        self.tags = supported_tags(scenario.python, scenario.glibc)
        self.no_binary = {normalize(name) for name in scenario.no_binary}
        self.wheels_only = {normalize(name) for name in scenario.only_binary}
        self.builds = builds and not scenario.no_build
        self.roots = [requirements.Requirement(text) for text in scenario.requires]
        self.roots = [one for one in self.roots if self._applies(one, "")]
        self.constraints = [requirements.Requirement(text) for text in scenario.constraints]
        self.overrides = [requirements.Requirement(text) for text in scenario.overrides]
        self.pinned = {(normalize(one.name), clause.version)
                       for one in self.roots + self.constraints + self.overrides
                       for clause in one.specifier if clause.operator in ("==", "===") and len(one.specifier) == 1}
        self.projects = {normalize(name): self._candidates(normalize(name), releases)
                         for name, releases in scenario.packages.items()}

    def _applies(self, requirement, extra):
        marker = requirement.marker
        return marker is None or marker.evaluate({**self.environment, "extra": extra})

    def _python_fits(self, text):
        """Upper bounds of requires-python do not count."""
        lower = [clause for clause in specifiers.SpecifierSet(text or "")
                 if clause.operator in (">=", ">", "==", "~=", "===")]
        for clause in lower:
            if clause.operator == "~=":
                clause = specifiers.Specifier(">=" + clause.version)
            elif clause.operator in ("==", "==="):
                clause = specifiers.Specifier(">=" + clause.version.removesuffix(".*"))
            if not clause.contains(self.python, prereleases=True):
                return False
        return True

    def _wheel_fits(self, tag):
        return not self.tags.isdisjoint(tags.parse_tag(tag))

    def _candidates(self, name, releases):
        found = []
        for release in releases:
            if not self._python_fits(release.requires_python):
                continue
            wheel = name not in self.no_binary and any(self._wheel_fits(tag) for tag in release.wheel_tags)
            source = release.sdist and self.builds and name not in self.wheels_only
            if not wheel and not source:
                continue
            if release.yanked and (name, release.version) not in self.pinned:
                continue
            extras = {"": [requirements.Requirement(text) for text in release.requires]}
            for extra, texts in release.extras.items():
                extras[normalize(extra)] = [requirements.Requirement(text) for text in texts]
            found.append(Candidate(Version(release.version), release.version, extras, bool(release.yanked), wheel))
        found.sort(key=lambda one: (not one.version.is_prerelease, one.version), reverse=True)
        return found

    def _needs(self, candidate, extras):
        """What a candidate asks for with these extras, as (requirement, extras)."""
        out = []
        for extra in ["", *sorted(extras)]:
            for requirement in candidate.extras.get(extra, []):
                # A marker of the base's requirement may itself ask for an extra.
                names = [extra] if extra else ["", *sorted(extras)]
                if any(self._applies(requirement, one) for one in names):
                    out.append(requirement)
        return out

    def _replaced(self, requirement):
        name = normalize(requirement.name)
        mine = [one for one in self.overrides if normalize(one.name) == name]
        return [one for one in mine if self._applies(one, "")] if mine else [requirement]

    def _allowed(self, requirement, candidate):
        specifier = [requirement.specifier]
        specifier += [one.specifier for one in self.constraints
                      if normalize(one.name) == normalize(requirement.name) and self._applies(one, "")]
        return all(one.contains(candidate.version, prereleases=True) for one in specifier)

    def solve(self):
        """name -> Candidate for some solution, or None when there is none."""
        return self._solve({}, {}, list(reversed(self.roots)), [])

    def _solve(self, chosen, extras, queue, seen):
        """`seen` holds every requirement met so far, to check a project chosen later against all of them."""
        queue, seen = list(queue), list(seen)
        while queue:
            requirement = queue.pop()
            for one in self._replaced(requirement):
                name = normalize(one.name)
                wanted = {normalize(extra) for extra in one.extras}
                seen.append(one)
                if name in chosen:
                    if not self._allowed(one, chosen[name]):
                        return None
                    fresh = wanted - extras[name]
                    if fresh:
                        extras = {**extras, name: extras[name] | fresh}
                        queue += [need for extra in sorted(fresh) for need in self._needs(chosen[name], {extra})]
                    continue
                for candidate in self.projects.get(name, []):
                    if not self._allowed(one, candidate):
                        continue
                    found = self._solve({**chosen, name: candidate}, {**extras, name: wanted},
                                        queue + self._needs(candidate, wanted), seen)
                    if found is not None:
                        return found
                return None
        return chosen

    def problems(self, pins):
        """What is wrong with a lock: requirements unmet, versions that do not exist, and what nobody asked for."""
        problems, chosen = [], {}
        for name, text in sorted(pins.items()):
            fitting = [one for one in self.projects.get(name, []) if one.version == Version(text)]
            if not fitting:
                problems.append(f"{name} {text} is not there or not usable")
            else:
                chosen[name] = fitting[0]
        reached, queue = {}, list(self.roots)
        while queue:
            requirement = queue.pop()
            for one in self._replaced(requirement):
                name = normalize(one.name)
                if name not in chosen:
                    problems.append(f"{one} is not in the lock")
                    continue
                if not self._allowed(one, chosen[name]):
                    problems.append(f"{one} does not allow {name} {pins[name]}")
                wanted = {normalize(extra) for extra in one.extras}
                before = reached.get(name)
                reached[name] = (before or set()) | wanted
                if before is None:
                    queue += self._needs(chosen[name], wanted)
                else:
                    queue += [need for extra in sorted(wanted - before)
                              for need in self._needs(chosen[name], {extra})]
        problems += [f"nothing asks for {name}" for name in sorted(set(chosen) - set(reached))]
        return problems
