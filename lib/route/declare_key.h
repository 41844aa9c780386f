/*
 * declare_key.h: inside of declare.c: one handler of wampd.yml.
 */
#pragma once

#include "route/declare_table.h"
#include "route/source.h"
#include "route/yaml.h"

/* Read the definition, and put the handler into the table. */
void	declare_read(struct declarations *t, const struct source *s,
	    const struct yaml_node *name, const struct yaml_node *value);
