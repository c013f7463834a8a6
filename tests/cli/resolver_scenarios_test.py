"""Small resolver problems (tests/data/scenarios) over every kind of index, each locked twice from nothing."""
import os
import shutil
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor

from cli_test_case import COGBUILD, ROOT

sys.path.insert(0, os.path.join(ROOT, "tests/scenarios"))
import resolvers  # noqa: E402
import scenario as scenarios  # noqa: E402
from scenario_index import VARIANTS, ScenarioIndex  # noqa: E402

FILE = os.path.join(ROOT, "tests/data/scenarios/resolver.toml")


class ResolverScenarios(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.scratch = tempfile.mkdtemp(prefix="cogbuild-scenarios-")
        self.addCleanup(shutil.rmtree, self.scratch, True)
        self.index = self.enterContext(ScenarioIndex())

    def answers(self, scenario, key, variant):
        resolver = resolvers.Cogbuild(COGBUILD)
        return [resolver.resolve(scenario, self.index.url(key, variant), os.path.join(self.scratch, variant, key, run))
                for run in ("first", "second")]

    def check(self, scenario, answer):
        self.assertEqual(answer.resolved, scenario.satisfiable, str(answer))
        if scenario.satisfiable:
            self.assertEqual(answer.pins, scenario.pins, str(answer))
            return
        self.assertEqual(answer.code, 1, str(answer))
        self.assertTrue(any(text in answer.err for text in resolvers.Cogbuild.unsatisfiable), str(answer))
        for text in scenario.message:
            self.assertIn(text, answer.err, str(answer))

    def test_scenarios(self):
        loaded = scenarios.load_file(FILE)
        self.assertEqual(len({one.name for one in loaded}), len(loaded), "a name is there twice")
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            pending = []
            for number, one in enumerate(loaded):
                self.index.add(str(number), one)
                pending += [(one, variant, pool.submit(self.answers, one, str(number), variant))
                            for variant in VARIANTS]
            for one, variant, future in pending:
                with self.subTest(scenario=one.name, variant=variant):
                    first, second = future.result()
                    self.check(one, first)
                    self.assertEqual(first.lock, second.lock, "the second lock has other bytes")
        self.assertEqual(self.index.failures, [], "requests outside the index")


if __name__ == "__main__":
    unittest.main()
