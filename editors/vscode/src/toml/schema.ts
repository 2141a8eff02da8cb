// Finds its way in the JSON schema of brummer.toml, of which it knows the few words
// that schema uses. Pure functions.

export interface Schema {
  type?: string;
  description?: string;
  properties?: Record<string, Schema>;
  /** the schema of names that are the user's own, as of processes; false: there are none */
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  items?: Schema;
  enum?: unknown[];
}

/** What the schema says of a path of keys; several things if it leaves a choice. */
export function at(schema: Schema, path: readonly string[]): Schema[] {
  let found = choices(schema);
  for (const key of path) found = found.flatMap((one) => member(one, key));
  return found;
}

function member(schema: Schema, key: string): Schema[] {
  const own = schema.properties?.[key];
  if (own) return choices(own);
  return typeof schema.additionalProperties === "object" ? choices(schema.additionalProperties) : [];
}

function choices(schema: Schema): Schema[] {
  return schema.anyOf ? [schema, ...schema.anyOf.flatMap(choices)] : [schema];
}

/** The keys that may stand below a path, with what is said of them. */
export function keys(schema: Schema, path: readonly string[]): Map<string, Schema> {
  return new Map(at(schema, path).flatMap(({ properties }) => Object.entries(properties ?? {})));
}

/** The values that the schema lists for a path, as TOML has them. */
export function values(schema: Schema, path: readonly string[]): string[] {
  return at(schema, path).flatMap((one) => {
    if (one.type === "boolean") return ["true", "false"];
    return (one.enum ?? []).map((value) => (typeof value === "string" ? `'${value}'` : String(value)));
  });
}

/** What is said of the last key of a path. */
export function description(schema: Schema, path: readonly string[]): string | undefined {
  return at(schema, path).find((one) => one.description)?.description;
}
