/*
 * schema.h: JSON schemas of files that people write, for editors and CI.
 *
 * They are generated from the tables with which the files are read, so both
 * have the same keys.  A schema checks less than a reader: it cannot check
 * rules about several values or other files.
 */
#pragma once

#include "base/buf.h"

/* Append the schema of a routing file, indented, and a newline.  0, or -1 when
 * out of memory. */
int	schema_routes(struct buf *out);

/* Append the schema of the value of `handlers:` in wampd.yml, which refers to
 * the definitions below.  0 or -1. */
int	schema_handlers(struct buf *out);

/* Append the definitions that it refers to. */
int	schema_handler_definitions(struct buf *out);

/* ---- pieces ---- */

/* A reference to a definition. */
#define SCHEMA_REF(name) "{\"$ref\":\"#/definitions/" name "\"}"

/* Append the head of a schema up to what is below "definitions", which others
 * refer to as #/definitions/NAME: text, texts (or a list of them), flag, size
 * and duration.  0 or -1. */
int	schema_begin(struct buf *out, const char *title);

/* A whole number from min on, up to max. */
int	schema_count(struct buf *out, long long min, long long max);

/* One of the words, a NULL-terminated list. */
int	schema_words(struct buf *out, const char *const *words);

/* Append the text, which tests have scanned, indented, and a newline. */
int	schema_end(struct buf *out, struct slice text);
