/*
 * exec_check.h: whether a handler's program can be started, before it is.
 */
#pragma once

struct diags;
struct handler_decl;

/* Warn when folder or program of a declaration is not there. */
void	exec_check(const struct handler_decl *decl, struct diags *d);
