import os
import tempfile
import unittest

import numpy as np

from model import TextClassifier, read_examples


class ModelTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = os.path.join(directory.name, "file")

    def write(self, content):
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(content)
        return self.path

    def test_it_learns_and_the_loss_falls(self):
        losses = []
        texts, labels = read_examples("examples.csv")
        model = TextClassifier.train(texts, labels, 100, 5.0, lambda epoch, loss: losses.append(loss))
        self.assertEqual([next(iter(model.classify(text))) for text in texts], labels)
        self.assertEqual(losses, sorted(losses, reverse=True))

    def test_weights_survive_a_file(self):
        model = TextClassifier.train(["good", "bad", "so so"], ["plus", "minus", "zero"], 50, 5.0)
        model.save(self.path)
        again = TextClassifier.load(self.path)
        for label, confidence in model.classify("good").items():
            self.assertAlmostEqual(again.classify("good")[label], confidence, places=5)

    def test_a_text_without_words_has_no_favourite(self):
        model = TextClassifier.train(["good", "bad"], ["plus", "minus"], 10, 1.0)
        self.assertEqual(model.classify("?!"), {"minus": 0.5, "plus": 0.5})

    def test_bad_training_data_is_told_in_words(self):
        for content, message in [
            ("", "must name the columns"),
            ("sentence,label\na,b\n", "must name the columns"),
            ("text,label\ngood,plus\n,minus\n", "line 3 .* lacks"),
            ("text,label\ngood,plus\nfine\n", "line 3 .* lacks"),
            ("text,label\ngood,plus\nfine,plus\n", "at least two labels"),
        ]:
            with self.subTest(content=content), self.assertRaisesRegex(ValueError, message):
                read_examples(self.write(content))

    def test_a_file_that_holds_no_weights_is_refused(self):
        with open(self.path, "wb") as file:
            np.savez(file, other=np.zeros(3))
        for path in (self.path, "examples.csv"):
            with self.assertRaisesRegex(ValueError, "no weights of this model"):
                TextClassifier.load(path)


if __name__ == "__main__":
    unittest.main()
