FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /soundings ./server && mkdir /data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /soundings /usr/local/bin/soundings
COPY --from=build --chown=nonroot:nonroot /data /data
WORKDIR /data
ENV SOUNDINGS_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s CMD ["/usr/local/bin/soundings", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/soundings"]
CMD ["serve"]
