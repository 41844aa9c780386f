/*
 * types.h: the handler types of wampd.
 */
#pragma once

struct handler_type;

/* All types, for struct broker_parts; NULL ends the list. */
extern const struct handler_type *const handler_types[];

/* Each is in the file of its name. */
extern const struct handler_type handler_broadcast;
extern const struct handler_type handler_closed;
extern const struct handler_type handler_exec;
extern const struct handler_type handler_jq;
extern const struct handler_type handler_ping;
extern const struct handler_type handler_secured;
