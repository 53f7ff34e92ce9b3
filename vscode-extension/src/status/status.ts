/** What the server says of a document's project; see `streetrace/status` in docs/protocol.md. */
export interface Status {
  readonly model: string | null;
  /** The same as backend and model, where it is one. */
  readonly leadsTo?: string | null;
  readonly configured: boolean;
  readonly enabled: boolean;
  readonly localOnly: boolean;
  readonly project: {
    readonly uri: string;
    readonly trust: "trusted" | "restricted" | "denied" | "none_needed";
    readonly question: boolean;
  } | null;
  readonly userFile: string;
  /** The variables that the configured backends take their keys from. */
  readonly keyVariables?: readonly string[];
  readonly fault: string;
}

/** What the server says of a job; see `streetrace/job` in docs/protocol.md. */
export interface JobEvent {
  readonly job: string;
  readonly action: string;
  readonly uri: string;
  readonly state: string;
  readonly message: string;
  readonly final: boolean;
  readonly model?: string;
  readonly backend?: string;
  /** Who answered, with tokens and cost, in words. */
  readonly account?: string;
  /** What the model wrote beside its edit. */
  readonly explanation?: string;
  /** What went wrong, and the variable of a key that is missing or was refused. */
  readonly kind?: string;
  readonly variable?: string;
  /** A person should be told with a message. */
  readonly tell?: boolean;
}

/** The jobs that run, by what was heard of each. */
export class RunningJobs {
  readonly #running = new Map<string, JobEvent>();
  #failed: JobEvent | undefined;
  #told: JobEvent | undefined;

  hear(event: JobEvent): void {
    this.#told = event.final && event.account ? event : undefined;
    if (!event.final) {
      this.#running.set(event.job, event);
      return;
    }
    this.#running.delete(event.job);
    // Undoing a change is no word about the model.
    if (event.state === "failed") this.#failed = event;
    else if (event.state === "applied" || event.state === "answered") this.#failed = undefined;
  }

  /** Another server: nothing that was heard holds any more. */
  forget(): void {
    this.#running.clear();
    this.#failed = undefined;
    this.#told = undefined;
  }

  get all(): readonly JobEvent[] {
    return [...this.#running.values()];
  }

  /** The last failure, until something works. */
  get failed(): JobEvent | undefined {
    return this.#failed;
  }

  /** The last thing that was heard, if it is what an answer came to. */
  get told(): JobEvent | undefined {
    return this.#told;
  }
}
