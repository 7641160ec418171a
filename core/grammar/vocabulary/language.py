"""The form in which a language's words are written down."""

from collections.abc import Mapping
from dataclasses import field

from core.basics.facts import dataclass
from core.grammar.senses import Sense


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language.

    `words`: for each sense its words and phrases, separated by commas; a word that ends in `*` stands for all words
    that begin so, «счет(/а/у)» for «счет», «счета» and «счету». `values`: senses whose words carry a value (the number
    of a month, the code of a language). `corrected`: the words to which a slip of the finger is put right.
    """

    code: str
    words: Mapping[Sense, str]
    values: Mapping[Sense, Mapping[str, str]] = field(default_factory=dict)
    corrected: str = ""
