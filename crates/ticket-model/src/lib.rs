//! One ticket model for every helpdesk: the nouns, and nothing else.
