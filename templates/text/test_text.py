import unittest

import numpy as np

from model import CharacterModel
from sampling import choose_token


def choose(probabilities, temperature=1.0, top_k=0, top_p=1.0):
    """What comes up in 200 draws."""
    generator = np.random.default_rng(0)
    drawn = {choose_token(np.array(probabilities), generator, temperature, top_k, top_p) for _ in range(200)}
    return sorted(drawn)


class SamplingTest(unittest.TestCase):
    def test_temperature_0_takes_the_likeliest(self):
        self.assertEqual(choose([0.3, 0.4, 0.3], temperature=0), [1])

    def test_without_limits_everything_possible_comes_up(self):
        self.assertEqual(choose([0.5, 0.0, 0.5]), [0, 2])

    def test_top_k_limits_the_number(self):
        self.assertEqual(choose([0.2, 0.5, 0.3], top_k=2), [1, 2])

    def test_top_p_limits_the_probability_but_leaves_one(self):
        self.assertEqual(choose([0.6, 0.3, 0.1], top_p=0.7), [0, 1])
        self.assertEqual(choose([0.6, 0.3, 0.1], top_p=0.0), [0])

    def test_a_tiny_temperature_does_not_overflow(self):
        self.assertEqual(choose([0.4, 0.6], temperature=1e-6), [1])


class CharacterModelTest(unittest.TestCase):
    def test_the_longest_known_context_decides(self):
        model = CharacterModel("abcabd", order=2)
        likely = dict(zip(model.tokens, model.next_probabilities("xab")))
        self.assertEqual(likely, {"a": 0.0, "b": 0.0, "c": 0.5, "d": 0.5})

    def test_an_unknown_context_falls_back_to_what_is_frequent(self):
        model = CharacterModel("aab", order=3)
        self.assertAlmostEqual(model.next_probabilities("?")[0], 2 / 3)

    def test_an_empty_text_is_an_error(self):
        with self.assertRaisesRegex(ValueError, "learned nothing"):
            CharacterModel("").next_probabilities("a")


if __name__ == "__main__":
    unittest.main()
