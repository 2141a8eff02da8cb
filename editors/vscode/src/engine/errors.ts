// What an error of the engine says to code and to people.
import { ResponseError } from "vscode-jsonrpc";
import { ErrorCode, type ErrorKind } from "../protocol";

/** The kind of a request that the engine could not fulfil; undefined of any other error. */
export function kindOf(error: unknown): ErrorKind | undefined {
  if (!(error instanceof ResponseError) || error.code !== ErrorCode.RequestFailed) return undefined;
  return (error.data as { kind?: ErrorKind } | undefined)?.kind;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
