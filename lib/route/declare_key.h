/*
 * declare_key.h: internals of declare.c: one handler of wampd.yml.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "route/declare_table.h"
#include "route/source.h"
#include "route/yaml.h"

/* Read the definition, and put the handler into the table. */
void	declare_read(struct declarations *t, const struct source *s,
	    const struct yaml_node *name, const struct yaml_node *value);

/* Append the handler with all keys of its type, as below `handlers:`. 0, or -1
 * with *e filled. */
int	declare_print(struct buf *out, const struct handler_decl *h,
	    struct errbuf *e);
