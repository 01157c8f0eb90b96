"""A small lexicon for the tests of prose: a few facts as a guideline would name them."""

from __future__ import annotations

from myorx.language.prose import Language

_LABELS = {
    "anti_mda5": ("抗MDA5抗体", "anti-MDA5 antibody"),
    "ild": ("间质性肺病", "interstitial lung disease"),
    "fever": ("发热", "fever"),
    "ulcer": ("皮肤溃疡", "skin ulcer"),
    "ferritin": ("铁蛋白", "ferritin"),
    "crp": ("CRP", "CRP"),
    "spo2": ("SpO2", "SpO2"),
    "sex": ("性别", "sex"),
    "phase": ("治疗阶段", "phase of treatment"),
    "ild_onset": ("间质性肺病起病", "onset of interstitial lung disease"),
    "as_of": ("评估日", "assessment"),
    "acute_days": ("急性期天数", "the acute limit"),
}
_PHRASES = {
    "anti_mda5": (
        ("抗MDA5抗体阳性", "抗MDA5抗体阴性"),
        ("anti-MDA5 positive", "anti-MDA5 negative"),
    ),
    "ild": (("有间质性肺病", "无间质性肺病"), ("interstitial lung disease", None)),
}
_CODES = {
    "male": ("男", "male"),
    "female": ("女", "female"),
    "new": ("初治", "new"),
    "relapse": ("复发", "relapse"),
    "refractory": ("难治", "refractory"),
}


class SmallLexicon:
    def label(self, name: str, lang: Language) -> str:
        return _LABELS[name][lang == "en"]

    def phrase(self, name: str, lang: Language, truth: bool) -> str | None:
        found = _PHRASES.get(name)
        return None if found is None else found[lang == "en"][not truth]

    def code(self, name: str, code: str, lang: Language) -> str:  # noqa: ARG002
        return _CODES[code][lang == "en"]
