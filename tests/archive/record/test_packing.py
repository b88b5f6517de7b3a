"""Dictionaries of the smallest pages; what they save is measured in benchmarks/payloads.py."""

from archive.record import packing


def test_pages_of_a_few_bytes_make_a_dictionary_too():
    assert len(packing.as_they_are([b"a", b"b"])) == packing.SHORTEST
    assert packing.packed_size([b"c"], packing.train([b"a", b"b"])) > 0
