/*
 * exec_message.h: what a handler's child is told.
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

struct session;
struct topic;

/* One line. */
struct exec_message {
	const char	     *type;	/* "publish" */
	uint64_t	      id;	/* 0: no answer is wanted */
	const struct session *session;	/* NULL: the broker itself */
	const struct topic   *topic;	/* NULL: it is about none */
	const char	     *key;	/* of value; NULL: none */
	struct slice	      value;	/* JSON */
};

/* Append it.  0, or -1 when out of memory. */
int	exec_message(struct buf *out, const struct exec_message *m);
