/*
 * definition_key.h: internals of definition*.c: the keys of a definition.
 */
#pragma once

/* In the order of definition_keys.  The first ones are the keys of version
 * 0.3. */
enum key { KEY_CHANNEL, KEY_HANDLER, KEY_REQUIREMENTS, KEY_PATTERN,
    KEY_CALLBACK, KEY_DEFAULTS, KEY_OPTIONS, KEY_RESOURCE, KEY_TYPE,
    KEY_EXCLUDE, KEY_COUNT };

/* NULL-terminated, as source_fields() takes them. */
extern const char *const definition_keys[KEY_COUNT + 1];
extern const char *const definition_handler_keys[];
extern const char *const definition_requirement_keys[];
