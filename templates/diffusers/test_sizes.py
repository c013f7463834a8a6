import unittest

from sizes import round_down


class SizesTest(unittest.TestCase):
    def test_table(self):
        for pixels, expected in [(1024, 1024), (1023, 1016), (8, 8), (7, 8), (1, 8)]:
            self.assertEqual(round_down(pixels), expected)


if __name__ == "__main__":
    unittest.main()
