"""Random small resolver problems, to be judged by the exhaustive search alone."""
import random

from scenario import Release, Scenario

VERSIONS = ["1.0", "1.1", "1.5.post1", "2.0", "2.0+local", "2.1rc1", "3.0", "3.0.dev1"]
SPECIFIERS = ["", "", "", "", "", "", ">=1", ">=1", ">=1.0", "==1.0", "==1.*", "==2.0", "!=2.0", "<2", "<=2.0", ">1.0", ">=1.1", ">=2", ">2.0", "~=1.0",
              "<3,>=1.1", ">=1,!=1.1", ">=3", "==2.1rc1", "<1.1"]
MARKERS = ["", "", "", "", "", " ; python_version >= '3.12'", " ; python_version < '3.12'", " ; sys_platform == 'win32'",
           " ; os_name == 'posix' and platform_machine == 'x86_64'"]
EXTRAS = ["", "", "", "", "[x]", "[y]", "[x,y]", "[unknown]"]
PYTHONS = [">=3.8"] * 8 + [">=3.8,<3.11", ">=3.13"]
TAGS = [["py3-none-any"]] * 12 + [["cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64"], ["cp312-abi3-win_amd64"],
                                 ["cp311-cp311-manylinux_2_17_x86_64"], []]


def _requirement(dice, names):
    return dice.choice(names) + dice.choice(EXTRAS) + dice.choice(SPECIFIERS) + dice.choice(MARKERS)


def _release(dice, version, names):
    # A missing project now and then.
    names = names + ["missing"] if dice.random() < 0.03 else names
    extras = {extra: [_requirement(dice, names) for _ in range(dice.randrange(3))]
              for extra in ("x", "y") if dice.random() < 0.3}
    return Release(version, [_requirement(dice, names) for _ in range(dice.choice([0, 0, 1, 1, 2, 3]))], extras,
                   dice.choice(PYTHONS), dice.random() < 0.5, dice.choice(TAGS), dice.random() < 0.05)


def make(seed):
    dice = random.Random(seed)
    names = ["a", "b", "c", "d", "e", "f", "g"][:dice.randrange(3, 8)]
    packages = {name: [_release(dice, version, names)
                       for version in sorted(dice.sample(VERSIONS, dice.randrange(2, 7)))] for name in names}
    for releases in packages.values():
        releases[:] = [one for one in releases if one.wheel_tags or one.sdist]

    def lines(chance):
        return [dice.choice(names) + dice.choice(SPECIFIERS) for _ in range(dice.random() < chance)]

    return Scenario(f"random-{seed}", "", "random", [_requirement(dice, names) for _ in range(dice.randrange(1, 4))],
                    packages, universal=True, prereleases=dice.random() < 0.1, constraints=lines(0.25),
                    overrides=lines(0.1), resolution=dice.choice(["highest"] * 6 + ["lowest", "lowest-direct"]),
                    no_build=dice.random() < 0.15, no_binary=[name for name in names if dice.random() < 0.03])
