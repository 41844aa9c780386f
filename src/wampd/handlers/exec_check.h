/*
 * exec_check.h: whether a program could be started.
 */
#pragma once

struct diags;
struct handler_decl;

/* Warn if the folder or the program of a declaration is missing, or the program
 * that a script names.  A declaration without a type is of the key that is its
 * name. */
void	exec_check(const struct handler_decl *decl, struct diags *d);
