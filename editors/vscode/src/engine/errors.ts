// What an error of the engine says to code and to people.
import { ErrorCode, type ErrorKind } from "../protocol";

/** The kind of a request that the engine could not fulfil; undefined of any other error. */
export function kindOf(error: unknown): ErrorKind | undefined {
  const { code, data } = (error ?? {}) as { code?: number; data?: { kind?: ErrorKind } };
  return code === ErrorCode.RequestFailed ? data?.kind : undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
