"""GA4GH Phenopackets v2 in JSON: in and out, and what they cannot carry."""
