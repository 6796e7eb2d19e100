try:
    {}["missing"]
except KeyError as error:
    raise RuntimeError("cannot start") from error
