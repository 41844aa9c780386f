/*
 * exec_check.h: whether a handler's program could be started.
 */
#pragma once

struct diags;
struct handler_decl;

/* Warn if the folder or the program of a declaration is missing, or the program
 * that a script names. */
void	exec_check(const struct handler_decl *decl, struct diags *d);
